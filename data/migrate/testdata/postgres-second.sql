-- +goose Up
-- Breaking: renames tags to labels.
-- Breaking: renames posts.heading to title.
-- Breaking: the foreign key labels_post_id_fkey may refuse what was allowed.
-- Breaking: the check posts_title_check may refuse what was allowed.
-- Breaking: drops the column posts.price, with what is in it.
-- Breaking: programs that do not know posts.slug cannot insert.
-- Breaking: the unique index posts_slug_key may refuse what was allowed.
-- Breaking: the foreign key posts_user_id_fkey may refuse what was allowed.
ALTER TABLE tags RENAME TO labels;
ALTER TABLE posts RENAME COLUMN heading TO title;
ALTER TABLE posts DROP CONSTRAINT posts_state_check;
ALTER TABLE posts ADD CONSTRAINT posts_state_check CHECK (state IN ('draft', 'public', 'gone'));
ALTER TABLE posts ADD CONSTRAINT posts_title_check CHECK (length(title) <= 200);
ALTER TABLE posts ADD COLUMN slug TEXT;
UPDATE posts SET slug = 'post-' || id;
ALTER TABLE posts ADD COLUMN views BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "posts" DROP CONSTRAINT "posts_price_check", DROP CONSTRAINT "posts_user_id_fkey", DROP COLUMN "price", ALTER COLUMN "slug" SET NOT NULL, ADD CONSTRAINT "posts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
CREATE UNIQUE INDEX "posts_slug_key" ON "posts" ("slug");
ALTER TABLE "labels" DROP CONSTRAINT "tags_post_id_fkey", ADD CONSTRAINT "labels_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "posts" ("id") ON UPDATE NO ACTION ON DELETE CASCADE;

-- +goose Down
ALTER TABLE posts RENAME COLUMN title TO heading;
ALTER TABLE labels RENAME TO tags;
ALTER TABLE "posts" DROP CONSTRAINT "posts_title_check", DROP CONSTRAINT "posts_user_id_fkey", DROP CONSTRAINT "posts_state_check", ADD CONSTRAINT "posts_state_check" CHECK (state = ANY (ARRAY['draft'::text, 'public'::text])), ADD CONSTRAINT "posts_price_check" CHECK (price >= (0)::numeric), DROP COLUMN "slug", DROP COLUMN "views", ADD COLUMN "price" numeric(12,2) NULL, ADD CONSTRAINT "posts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE;
ALTER TABLE "tags" DROP CONSTRAINT "labels_post_id_fkey", ADD CONSTRAINT "tags_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "posts" ("id") ON UPDATE NO ACTION ON DELETE CASCADE;
