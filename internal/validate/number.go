package validate

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/exact"
)

// What is wrong with a number in a tag, worded to follow it.
var (
	errWidth     = errors.New("lies outside the type")
	errNotAbove0 = errors.New("is not above 0")
	errStep      = errors.New("is not a number above 0 of at most 19 digits")
)

// maxExponent is larger than that of any Go number; it keeps exact arithmetic on a tag small.
const maxExponent = 400

// rational reads a JSON number without rounding.
func rational(text string) (*big.Rat, error) {
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		if exponent, err := strconv.Atoi(text[i+1:]); err != nil || exponent > maxExponent || exponent < -maxExponent {
			return nil, errWidth
		}
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, errors.New("is not a number")
	}
	return n, nil
}

// exactInt reads a number that an integer of so many bits can hold.
func exactInt(text string, width int) (int64, error) {
	n, err := wholeNumber(text)
	if err != nil {
		return 0, err
	}
	if !n.IsInt64() || n.Int64() < math.MinInt64>>(64-width) || n.Int64() > math.MaxInt64>>(64-width) {
		return 0, errWidth
	}
	return n.Int64(), nil
}

// exactUint reads a number that an unsigned integer of so many bits can hold.
func exactUint(text string, width int) (uint64, error) {
	n, err := wholeNumber(text)
	if err != nil {
		return 0, err
	}
	if !n.IsUint64() || n.Uint64() > math.MaxUint64>>(64-width) {
		return 0, errWidth
	}
	return n.Uint64(), nil
}

func wholeNumber(text string) (*big.Int, error) {
	n, err := rational(text)
	if err != nil {
		return nil, err
	}
	if !n.IsInt() {
		return nil, errors.New("is not a whole number")
	}
	return n.Num(), nil
}

// nearestFloat reads a number as a float of so many bits holds it, so that the bound 0.1 of a float32 lets its 0.1 pass.
func nearestFloat(text string, width int) (float64, error) {
	n, err := strconv.ParseFloat(text, width)
	if errors.Is(err, strconv.ErrRange) && math.IsInf(n, 0) {
		return 0, errWidth
	}
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, errors.New("is not a number")
	}
	return n, nil
}

// stepOf reads what numbers are to be multiples of.
func stepOf(text string) (exact.Step, error) {
	n, _ := exact.Parse(text)
	step, ok := n.Step()
	if !ok {
		return step, errStep
	}
	return step, nil
}
