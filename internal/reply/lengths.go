package reply

import "strconv"

// Lengths holds the texts of the numbers below 1,000, which is what most bodies have bytes. It is read-only.
type Lengths struct{ texts [1000]string }

// NewLengths makes the texts, which are parts of one string.
func NewLengths() *Lengths {
	l := &Lengths{}
	var digits []byte
	var ends [len(l.texts)]int
	for n := range ends {
		digits = strconv.AppendInt(digits, int64(n), 10)
		ends[n] = len(digits)
	}
	all, start := string(digits), 0
	for n, end := range ends {
		l.texts[n] = all[start:end]
		start = end
	}
	return l
}

// Text is a number as a text.
func (l *Lengths) Text(n int) string {
	if l != nil && n >= 0 && n < len(l.texts) {
		return l.texts[n]
	}
	return strconv.Itoa(n)
}
