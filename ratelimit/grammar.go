package ratelimit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// rate is so many units in each window.
type rate struct {
	count  int64
	window time.Duration
}

// The bounds of what a text can say.
const (
	maxCount  = 1_000_000_000
	maxWindow = 3600 * 24 * time.Hour
)

// unit is a word for a length of time; an s may follow.
type unit struct {
	word   string
	length time.Duration
}

const day = 24 * time.Hour

// units are those of the limits library for Python, with its lengths of months and years.
var units = [...]unit{
	{"second", time.Second}, {"minute", time.Minute}, {"hour", time.Hour}, {"day", day}, {"month", 30 * day}, {"year", 360 * day},
}

// parse reads rates: 10/minute, 10 per minute, 5/2minutes, 100 per 1 hour, several joined by comma, semicolon or bar. Words may be in upper case.
func parse(text string) ([]rate, error) {
	var rates []rate
	for part := range strings.SplitSeq(strings.NewReplacer(",", ";", "|", ";").Replace(strings.ToLower(text)), ";") {
		if strings.TrimSpace(part) == "" {
			return nil, fmt.Errorf("%q has an empty rate", text)
		}
		r, err := parseOne(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		for _, other := range rates {
			if other.window == r.window {
				return nil, fmt.Errorf("%q has two rates for %s", text, windowText(r.window))
			}
		}
		rates = append(rates, r)
	}
	return rates, nil
}

var errForm = errors.New("want such as 10/minute, 10 per minute or 5/2minutes")

func parseOne(text string) (rate, error) {
	count, rest, err := number(text, "count", maxCount)
	if err != nil {
		return rate{}, err
	}
	rest = strings.TrimSpace(rest)
	if after, ok := strings.CutPrefix(rest, "/"); ok {
		rest = after
	} else if rest, ok = strings.CutPrefix(rest, "per"); !ok {
		return rate{}, errForm
	}
	rest = strings.TrimSpace(rest)
	times := int64(1)
	if rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		if times, rest, err = number(rest, "number of units", int64(maxWindow/time.Second)); err != nil {
			return rate{}, err
		}
		rest = strings.TrimSpace(rest)
	}
	for _, u := range units {
		if rest != u.word && rest != u.word+"s" {
			continue
		}
		if times > int64(maxWindow/u.length) {
			return rate{}, errors.New("the time is longer than 10 years of 360 days")
		}
		return rate{count, time.Duration(times) * u.length}, nil
	}
	if rest == "" {
		return rate{}, errForm
	}
	return rate{}, fmt.Errorf("%q is no unit, want second, minute, hour, day, month or year", rest)
}

// number cuts a number from 1 to most off the front.
func number(text, what string, most int64) (n int64, rest string, err error) {
	end := 0
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	if end == 0 {
		return 0, "", errForm
	}
	n, err = strconv.ParseInt(text[:end], 10, 64)
	if err != nil || n < 1 || n > most {
		return 0, "", fmt.Errorf("the %s is %s, want 1 to %d", what, text[:end], most)
	}
	return n, text[end:], nil
}

// String is the shortest text that parse makes the rate of.
func (r rate) String() string { return strconv.FormatInt(r.count, 10) + "/" + windowText(r.window) }

func windowText(window time.Duration) string {
	for i := len(units) - 1; ; i-- {
		if u := units[i]; window%u.length == 0 {
			if window == u.length {
				return u.word
			}
			return strconv.FormatInt(int64(window/u.length), 10) + u.word + "s"
		}
	}
}
