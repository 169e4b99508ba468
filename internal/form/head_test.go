package form_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tenon-go/tenon/internal/form"
)

func TestHeadTellsAShortFileFromOneThatIsCut(t *testing.T) {
	t.Parallel()
	if head, err := form.Head(strings.NewReader("abc")); string(head) != "abc" || err != nil {
		t.Errorf("%q, %v", head, err)
	}
	cut := io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, err := form.Head(cut); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a file that is cut: %v", err)
	}
}
