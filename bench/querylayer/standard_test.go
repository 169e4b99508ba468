package querylayer_test

import (
	"context"
	"database/sql"
)

// standard is database/sql by hand: the floor.
type standard struct{ db *sql.DB }

func (s standard) insert(ctx context.Context, u user) (int64, error) {
	var id int64
	err := s.db.QueryRowContext(ctx, `INSERT INTO users (name, email, age, created_at) VALUES (?, ?, ?, ?) RETURNING id`,
		u.Name, u.Email, u.Age, u.CreatedAt).Scan(&id)
	return id, err
}

func (s standard) byKey(ctx context.Context, id int64) (u user, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT id, name, email, age, created_at FROM users WHERE id = ?`, id).
		Scan(&u.ID, &u.Name, &u.Email, &u.Age, &u.CreatedAt)
	return u, err
}

func (s standard) list(ctx context.Context, query string, args ...any) ([]user, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []user
	for rows.Next() {
		var u user
		if err := rows.Scan(&u.ID, &u.Name, &u.Email, &u.Age, &u.CreatedAt); err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, rows.Err()
}

func (s standard) page(ctx context.Context, limit, offset int) ([]user, int64, error) {
	var total int64
	if err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM users`).Scan(&total); err != nil {
		return nil, 0, err
	}
	list, err := s.list(ctx, `SELECT id, name, email, age, created_at FROM users ORDER BY id LIMIT ? OFFSET ?`, limit, offset)
	return list, total, err
}

func (s standard) byName(ctx context.Context, name string) ([]user, error) {
	return s.list(ctx, `SELECT id, name, email, age, created_at FROM users WHERE name = ? ORDER BY id`, name)
}

func (s standard) remove(ctx context.Context, id int64) (int64, error) {
	res, err := s.db.ExecContext(ctx, `DELETE FROM users WHERE id = ?`, id)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
