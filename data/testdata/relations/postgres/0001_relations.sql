-- +goose Up
CREATE TABLE people (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL, boss_id BIGINT REFERENCES people (id), mentor_id BIGINT REFERENCES people (id));
CREATE TABLE profiles (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person_id BIGINT NOT NULL UNIQUE REFERENCES people (id), bio VARCHAR(10) NOT NULL, stars INTEGER NOT NULL DEFAULT 0 CONSTRAINT profiles_stars_check CHECK (stars BETWEEN 0 AND 2000000000));
CREATE TABLE notes (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person_id BIGINT NOT NULL REFERENCES people (id), title TEXT NOT NULL);
CREATE TABLE labels (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE note_labels (note_id BIGINT NOT NULL REFERENCES notes (id), label_id BIGINT NOT NULL REFERENCES labels (id));
CREATE INDEX people_boss_id ON people (boss_id);
CREATE INDEX notes_person_id ON notes (person_id);
CREATE INDEX note_labels_note_id ON note_labels (note_id, label_id);

-- +goose Down
DROP TABLE note_labels;
DROP TABLE labels;
DROP TABLE notes;
DROP TABLE profiles;
DROP TABLE people;
