// Command pages is the program of the page "Pages": a list that is cut into numbered pages.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
)

// region: list

// ListRooms is what a request for rooms supplies: page and size, by the embedded Query, and a filter.
type ListRooms struct {
	page.Query
	Floor tenon.Opt[int] `query:"floor" minimum:"0" maximum:"4"`
}

// Room is one room.
type Room struct {
	Name  string `json:"name"`
	Floor int    `json:"floor"`
}

func list(_ context.Context, in *ListRooms) (*page.Of[Room], error) {
	rooms := find(in.Floor)
	from := min(in.Offset(), len(rooms))
	to := min(from+in.Limit(), len(rooms))
	return page.New(in.Query, rooms[from:to], int64(len(rooms))), nil
}

// endregion: list

// find stands for a query with an ORDER BY that ends in a unique column.
func find(floor tenon.Opt[int]) []Room {
	var rooms []Room
	for i := range 25 {
		if !floor.Set || floor.Value == i/5 {
			rooms = append(rooms, Room{Name: fmt.Sprintf("%d.%02d", i/5, i%5), Floor: i / 5})
		}
	}
	return rooms
}

// region: app

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Rooms", Version: "1.0.0"})
	app.Get("/rooms", list, tenon.Default("size", "10"))
	return app
}

// endregion: app

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
