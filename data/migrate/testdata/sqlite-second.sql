-- +goose Up
-- Breaking: renames tags to labels.
-- Breaking: renames posts.heading to title.
-- Breaking: the check posts_title_check may refuse what was allowed.
-- Breaking: drops the column posts.price, with what is in it.
-- Breaking: programs that do not know posts.slug cannot insert.
-- Breaking: the unique index posts_slug_key may refuse what was allowed.
-- Breaking: the foreign key posts_user_id_fkey may refuse what was allowed.
ALTER TABLE tags RENAME TO labels;
ALTER TABLE posts RENAME COLUMN heading TO title;
ALTER TABLE posts DROP COLUMN price;
ALTER TABLE posts ADD COLUMN slug TEXT;
UPDATE posts SET slug = 'post-' || id;
ALTER TABLE posts ADD COLUMN views INTEGER NOT NULL DEFAULT 0;
CREATE TABLE `new_posts` (
	`id` integer NULL PRIMARY KEY AUTOINCREMENT,
	`user_id` integer NOT NULL,
	`title` text NOT NULL,
	`state` text NOT NULL DEFAULT 'draft',
	`slug` text NOT NULL,
	`views` integer NOT NULL DEFAULT 0,
	`created_at` datetime NOT NULL,
	 CONSTRAINT `posts_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `posts_title_check` CHECK (length(title) <= 200),
	 CONSTRAINT `posts_state_check` CHECK (state IN ('draft', 'public', 'gone'))
);
INSERT INTO `new_posts` (`id`, `user_id`, `title`, `state`, `slug`, `views`, `created_at`) SELECT `id`, `user_id`, `title`, `state`, `slug`, `views`, `created_at` FROM `posts`;
DELETE FROM sqlite_sequence WHERE name = 'new_posts';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_posts', seq FROM sqlite_sequence WHERE name = 'posts';
DROP TABLE `posts`;
ALTER TABLE `new_posts` RENAME TO `posts`;
CREATE INDEX `posts_user_id` ON `posts` (`user_id`);
CREATE UNIQUE INDEX `posts_slug_key` ON `posts` (`slug`);
CREATE INDEX `posts_recent` ON `posts` (`created_at` DESC);

-- +goose Down
ALTER TABLE posts RENAME COLUMN title TO heading;
ALTER TABLE labels RENAME TO tags;
DROP INDEX posts_slug_key;
ALTER TABLE posts DROP COLUMN slug;
ALTER TABLE posts DROP COLUMN views;
CREATE TABLE `new_posts` (
	`id` integer NULL PRIMARY KEY AUTOINCREMENT,
	`user_id` integer NOT NULL,
	`heading` text NOT NULL,
	`state` text NOT NULL DEFAULT 'draft',
	`price` text NULL,
	`created_at` datetime NOT NULL,
	 CONSTRAINT `posts_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE,
	 CONSTRAINT `posts_state_check` CHECK (state IN ('draft', 'public')),
	 CONSTRAINT `posts_price_check` CHECK (CAST(price AS REAL) >= 0)
);
INSERT INTO `new_posts` (`id`, `user_id`, `heading`, `state`, `created_at`) SELECT `id`, `user_id`, `heading`, `state`, `created_at` FROM `posts`;
DELETE FROM sqlite_sequence WHERE name = 'new_posts';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_posts', seq FROM sqlite_sequence WHERE name = 'posts';
DROP TABLE `posts`;
ALTER TABLE `new_posts` RENAME TO `posts`;
CREATE INDEX `posts_user_id` ON `posts` (`user_id`);
CREATE INDEX `posts_recent` ON `posts` (`created_at` DESC);
