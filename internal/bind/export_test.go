package bind

// Pairs reads a whole query string; ok is false when it cannot be read.
func Pairs(raw string) (pairs [][2]string, ok bool) {
	q := query{raw: raw}
	for q.next() {
		pairs = append(pairs, [2]string{q.name, q.value})
	}
	return pairs, q.fault == nil
}
