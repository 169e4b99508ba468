package validate

import (
	"fmt"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// family is a group of words that judge the same thing.
type family struct {
	of   string
	fits func(shape.Kind) bool
}

func isText(k shape.Kind) bool {
	return k == shape.String || k == shape.Bytes || k == shape.Time || k == shape.HTTPDate || k == shape.Duration || k == shape.Text
}

func isNumber(k shape.Kind) bool {
	return k == shape.Int || k == shape.Uint || k == shape.Float || k == shape.Decimal
}

func isUpload(k shape.Kind) bool { return k == shape.Upload }

func isList(k shape.Kind) bool { return k == shape.Slice || k == shape.Array || k == shape.Map }

func hasEnum(k shape.Kind) bool { return k == shape.String || k == shape.Text || isNumber(k) }

// word is a word of a tag, and what it is for.
type word struct {
	given  bool
	name   string
	family family
}

// ownWords are the words that judge an array or map itself.
func ownWords(r *tag.Rules) [3]word {
	counted := family{"slices and maps", func(k shape.Kind) bool { return k == shape.Slice || k == shape.Map }}
	listed := family{"slices and arrays", func(k shape.Kind) bool { return k == shape.Slice || k == shape.Array }}
	return [...]word{
		{r.MinItems != nil, "minItems", counted},
		{r.MaxItems != nil, "maxItems", counted},
		{r.UniqueItems, "uniqueItems", listed},
	}
}

// scalarWords are the words that judge a string or a number; on an array or map they are for its items.
func scalarWords(r *tag.Rules) [14]word {
	text, number, file := family{"strings", isText}, family{"numbers", isNumber}, family{"uploads", isUpload}
	return [...]word{
		{r.MinLength != nil, "minLength", text},
		{r.MaxLength != nil, "maxLength", text},
		{r.Pattern != "", "pattern", text},
		{r.Format != "", "format", text},
		{r.Transform != nil, "transform", family{"strings", func(k shape.Kind) bool { return k == shape.String || k == shape.Text }}},
		{r.Minimum != "", "minimum", number},
		{r.Maximum != "", "maximum", number},
		{r.ExclusiveMinimum != "", "exclusiveMinimum", number},
		{r.ExclusiveMaximum != "", "exclusiveMaximum", number},
		{r.MultipleOf != "", "multipleOf", number},
		{r.Accept != nil, "accept", file},
		{r.MaxBytes != 0, "maxBytes", file},
		{r.MaxPixels != 0, "maxPixels", file},
		{r.Enum != nil, "enum", family{"strings and numbers", hasEnum}},
	}
}

// misfits are the faults of words that do not suit the type.
func misfits(t *shape.Type, r *tag.Rules) []error {
	own := ownWords(r)
	errs := unfit(t, own[:])
	if !isList(t.Kind) {
		scalar := scalarWords(r)
		errs = append(errs, unfit(t, scalar[:])...)
	}
	return errs
}

func unfit(t *shape.Type, words []word) (errs []error) {
	for i := range words {
		if w := &words[i]; w.given && !w.family.fits(t.Kind) {
			errs = append(errs, fmt.Errorf("tag %s is for %s, not for %s", w.name, w.family.of, t.Go))
		}
	}
	return errs
}
