-- +goose Up
CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO files (name) VALUES ('a'), ('b'), ('c');
