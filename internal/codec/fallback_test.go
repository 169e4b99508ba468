package codec_test

import (
	"context"
	"net/netip"
	"reflect"
	"testing"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/validate"
)

// listener has a default whose copies would share memory, so it is read anew for each request.
type listener struct {
	Address netip.Addr   `json:"address" pattern:"^[0-9a-f.:]+$" default:"127.0.0.1"`
	Trusted []netip.Addr `json:"trusted" pattern:"^[0-9a-f.:]+$" default:"127.0.0.1,::1"`
}

// TestDefaultsAreCompiledAtStart measures that a default compiles nothing, not even its pattern, while a request is read.
//
//nolint:paralleltest // AllocsPerRun counts the allocations of the whole process
func TestDefaultsAreCompiledAtStart(t *testing.T) {
	p := plan[listener](t, codec.Limits{})
	var faults validate.Faults
	var got listener
	allocs := testing.AllocsPerRun(10, func() {
		got = listener{}
		if err := p.Decode(context.Background(), []byte(`{}`), reflect.ValueOf(&got).Elem(), &faults); err != nil {
			t.Fatal(err)
		}
	})
	if allocs > 20 {
		t.Errorf("two defaults take %v allocations, want 20 or fewer", allocs)
	}
	if got.Address.String() != "127.0.0.1" || len(got.Trusted) != 2 || faults.Len() > 0 {
		t.Errorf("got %+v and %v", got, faults.List)
	}
}

func BenchmarkDefaults(b *testing.B) {
	p := plan[listener](b, codec.Limits{})
	body := []byte(`{}`)
	var faults validate.Faults
	b.ReportAllocs()
	for b.Loop() {
		var v listener
		if err := p.Decode(context.Background(), body, reflect.ValueOf(&v).Elem(), &faults); err != nil || faults.Len() > 0 {
			b.Fatal(err, faults.List)
		}
	}
}
