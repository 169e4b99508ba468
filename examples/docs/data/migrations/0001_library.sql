-- +goose Up
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE UNIQUE INDEX authors_name_key ON authors (name);
CREATE TABLE books (
	id        INTEGER PRIMARY KEY,
	author_id INTEGER NOT NULL REFERENCES authors (id),
	title     TEXT NOT NULL,
	year      INTEGER NOT NULL
);
CREATE UNIQUE INDEX books_title_key ON books (author_id, title);
CREATE INDEX books_author_id ON books (author_id, year);
CREATE TABLE subjects (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE book_subjects (
	book_id    INTEGER NOT NULL REFERENCES books (id),
	subject_id INTEGER NOT NULL REFERENCES subjects (id),
	PRIMARY KEY (book_id, subject_id)
);
INSERT INTO authors (id, name) VALUES (1, 'George Boole'), (2, 'Ada Lovelace'), (3, 'Alonzo Church');
INSERT INTO books (id, author_id, title, year) VALUES
	(1, 1, 'Mathematical Analysis', 1847), (2, 1, 'The Laws of Thought', 1854), (3, 2, 'Sketch of the Analytical Engine', 1843);
INSERT INTO subjects (id, name) VALUES (1, 'logic'), (2, 'machines');
INSERT INTO book_subjects (book_id, subject_id) VALUES (1, 1), (2, 1), (3, 1), (3, 2);

-- +goose Down
DROP TABLE book_subjects;
DROP TABLE subjects;
DROP TABLE books;
DROP TABLE authors;
