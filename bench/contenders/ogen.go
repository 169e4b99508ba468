package contenders

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/ogen-go/ogen/ogenerrors"
	"github.com/ogen-go/ogen/validate"

	"github.com/tenon-go/tenon/bench/contenders/ogen"
	"github.com/tenon-go/tenon/bench/work"
)

//go:generate go run github.com/ogen-go/ogen/cmd/ogen@v1.24.0 --config ogen/ogen.yml --target ogen --package ogen --clean ogen/openapi.json

// ogenService holds the users in the type that ogen made of the document, as a service that stands on it would.
type ogenService struct{ users []ogen.User }

// Ogen is the service with the code that ogen made of ogen/openapi.json, without its traces and metrics. Its errors get the
// form of the others.
func Ogen() http.Handler {
	s := &ogenService{}
	for _, u := range work.NewStore().Users(1, work.Total) {
		s.users = append(s.users, *ogenUser(&u))
	}
	server, err := ogen.NewServer(s, ogen.WithErrorHandler(ogenFail))
	if err != nil {
		panic(err)
	}
	return server
}

func ogenUser(u *work.User) *ogen.User {
	return &ogen.User{ID: u.ID, Name: u.Name, Email: u.Email, Age: int64(u.Age), CreatedAt: u.CreatedAt}
}

func (s *ogenService) GetPlaintext(context.Context) (ogen.GetPlaintextOK, error) {
	return ogen.GetPlaintextOK{Data: strings.NewReader(work.Plaintext)}, nil
}

//nolint:ireturn // the generated interface wants it
func (s *ogenService) GetUser(_ context.Context, in ogen.GetUserParams) (ogen.GetUserRes, error) {
	if in.ID > int64(len(s.users)) {
		p := notFound()
		return &ogen.Problem{Type: p.Type, Title: p.Title, Status: p.Status, Code: p.Code}, nil
	}
	return &s.users[in.ID-1], nil
}

func (s *ogenService) GetUsers(_ context.Context, in ogen.GetUsersParams) (*ogen.PageOfUser, error) {
	low := min((in.Page-1)*in.Size, len(s.users))
	return &ogen.PageOfUser{
		Items: s.users[low:min(low+in.Size, len(s.users))], Total: work.Total, Page: int64(in.Page), Size: int64(in.Size),
		Pages: int64((work.Total + in.Size - 1) / in.Size),
	}, nil
}

func (s *ogenService) CreateUser(_ context.Context, in *ogen.DescribedUser) (*ogen.User, error) {
	return &ogen.User{ID: work.NewID, Name: in.Name, Email: in.Email, Age: in.Age, CreatedAt: work.Now()}, nil
}

func (s *ogenService) CreateOrder(_ context.Context, in *ogen.DescribedOrder) (*ogen.DescribedOrderView, error) {
	return &ogen.DescribedOrderView{
		Reference: in.Reference, CustomerID: in.CustomerID, Email: in.Email, Phone: in.Phone,
		Currency: ogen.DescribedOrderViewCurrency(in.Currency), Channel: ogen.DescribedOrderViewChannel(in.Channel),
		Priority: in.Priority, Gift: in.Gift, Note: in.Note, Coupon: in.Coupon, PlacedAt: in.PlacedAt, DeliverBy: in.DeliverBy,
		Subtotal: in.Subtotal, Discount: in.Discount, ShippingCost: in.ShippingCost, Total: in.Total,
		Shipping: in.Shipping, Billing: in.Billing, Tags: in.Tags, Items: in.Items, ID: work.NewID, CreatedAt: work.Now(),
	}, nil
}

// ogenField finds the member that could not be decoded, which the error tells in its text alone.
var ogenField = regexp.MustCompile(`decode field "(\w+)"`)

func ogenFail(_ context.Context, w http.ResponseWriter, _ *http.Request, err error) {
	var wrong *validate.Error
	var parameter *ogenerrors.DecodeParamError
	var media *validate.InvalidContentTypeError
	switch {
	case errors.As(err, &wrong):
		fail(w, invalid(ogenFaults(nil, "", wrong)))
		return
	case errors.As(err, &parameter):
		fail(w, invalid([]fault{{string(parameter.In), "/" + parameter.Name, "invalid", parameter.Err.Error()}}))
		return
	case errors.As(err, &media):
		fail(w, &details{Type: "about:blank", Title: "The media type is not supported.", Status: 415, Code: "unsupported-media-type"})
		return
	}
	if m := ogenField.FindStringSubmatch(err.Error()); m != nil {
		fail(w, invalid([]fault{{"body", "/" + m[1], "type", "must be of another type"}}))
		return
	}
	fail(w, badRequest())
}

func ogenFaults(faults []fault, at string, err *validate.Error) []fault {
	for _, f := range err.Fields {
		place := at + "/" + strings.Trim(f.Name, "[]")
		if inner, ok := errors.AsType[*validate.Error](f.Error); ok {
			faults = ogenFaults(faults, place, inner)
			continue
		}
		faults = append(faults, fault{"body", place, "invalid", f.Error.Error()})
	}
	return faults
}
