-- +goose Up
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss_id INTEGER REFERENCES people (id), mentor_id INTEGER REFERENCES people (id));
CREATE TABLE profiles (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL UNIQUE REFERENCES people (id), bio TEXT NOT NULL CONSTRAINT profiles_bio_check CHECK (length(bio) <= 10), stars INTEGER NOT NULL DEFAULT 0 CONSTRAINT profiles_stars_check CHECK (stars BETWEEN 0 AND 2000000000));
CREATE TABLE notes (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people (id), title TEXT NOT NULL);
CREATE TABLE labels (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE note_labels (note_id INTEGER NOT NULL REFERENCES notes (id), label_id INTEGER NOT NULL REFERENCES labels (id));
CREATE INDEX people_boss_id ON people (boss_id);
CREATE INDEX notes_person_id ON notes (person_id);
CREATE INDEX note_labels_note_id ON note_labels (note_id, label_id);

-- +goose Down
DROP TABLE note_labels;
DROP TABLE labels;
DROP TABLE notes;
DROP TABLE profiles;
DROP TABLE people;
