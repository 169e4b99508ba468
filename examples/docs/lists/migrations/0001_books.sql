-- +goose Up
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL, author TEXT NOT NULL, year INTEGER NOT NULL);
CREATE INDEX books_year ON books (year, id);
INSERT INTO books (title, author, year) VALUES
	('Mathematical Analysis', 'George Boole', 1847), ('The Laws of Thought', 'George Boole', 1854),
	('Sketch of the Analytical Engine', 'Ada Lovelace', 1843), ('Passages from the Life', 'Charles Babbage', 1864),
	('On the Economy of Machinery', 'Charles Babbage', 1832), ('On Computable Numbers', 'Alan Turing', 1936);

CREATE TABLE reviews (id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL REFERENCES books (id), text TEXT NOT NULL);
CREATE INDEX reviews_book ON reviews (book_id, id);
INSERT INTO reviews (book_id, text) VALUES (2, 'A new kind of algebra.'), (3, 'The notes are longer than the text.'), (2, 'Hard.');
