using Dapper;
using Microsoft.Data.Sqlite;

namespace StashAI.Visage.Gallery.Sqlite;

/// <summary>The tables of the gallery; the file's user_version is the number of steps that were applied.</summary>
internal static class SqliteGallerySchema
{
    // Pictures have a separate table, so that the start reads only the vectors.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE people (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            country TEXT,
            image TEXT,
            performer_url TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE faces (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            person_key INTEGER NOT NULL REFERENCES people (key) ON DELETE CASCADE,
            source TEXT NOT NULL,
            embedding BLOB NOT NULL,
            quality REAL NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE (person_key, source)
        ) STRICT;
        CREATE TABLE pictures (
            face_key INTEGER PRIMARY KEY REFERENCES faces (key) ON DELETE CASCADE,
            jpeg BLOB NOT NULL
        ) STRICT;
        """,
        // The version grows with every change of what a match depends on or shows. It starts above 0, which no gallery has.
        """
        CREATE TABLE gallery (
            key INTEGER PRIMARY KEY CHECK (key = 1),
            version INTEGER NOT NULL
        ) STRICT;
        INSERT INTO gallery (key, version) VALUES (1, 1);
        CREATE TRIGGER people_insert_is_a_change AFTER INSERT ON people BEGIN
            UPDATE gallery SET version = version + 1;
        END;
        CREATE TRIGGER people_update_is_a_change AFTER UPDATE OF id, name, country, image, performer_url ON people BEGIN
            UPDATE gallery SET version = version + 1;
        END;
        CREATE TRIGGER people_delete_is_a_change AFTER DELETE ON people BEGIN
            UPDATE gallery SET version = version + 1;
        END;
        CREATE TRIGGER faces_insert_is_a_change AFTER INSERT ON faces BEGIN
            UPDATE gallery SET version = version + 1;
        END;
        CREATE TRIGGER faces_update_is_a_change AFTER UPDATE OF person_key, embedding ON faces BEGIN
            UPDATE gallery SET version = version + 1;
        END;
        CREATE TRIGGER faces_delete_is_a_change AFTER DELETE ON faces BEGIN
            UPDATE gallery SET version = version + 1;
        END;
        """,
        // Faces that are not of a person, as somebody said.
        """
        CREATE TABLE rejections (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            person_key INTEGER NOT NULL REFERENCES people (key) ON DELETE CASCADE,
            source TEXT NOT NULL,
            embedding BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE (person_key, source)
        ) STRICT;
        CREATE TRIGGER rejections_insert_is_a_change AFTER INSERT ON rejections BEGIN
            UPDATE gallery SET version = version + 1;
        END;
        CREATE TRIGGER rejections_update_is_a_change AFTER UPDATE OF person_key, embedding ON rejections BEGIN
            UPDATE gallery SET version = version + 1;
        END;
        CREATE TRIGGER rejections_delete_is_a_change AFTER DELETE ON rejections BEGIN
            UPDATE gallery SET version = version + 1;
        END;
        """,
        // Earlier versions deleted people without a scrub of the file.
        "ALTER TABLE gallery ADD COLUMN is_scrubbed INTEGER NOT NULL DEFAULT 0",
    ];

    public static void Apply(SqliteConnection connection, string path)
    {
        connection.Execute("PRAGMA journal_mode = WAL");
        var version = connection.ExecuteScalar<int>("PRAGMA user_version");
        if (version > Steps.Length)
        {
            throw new InvalidOperationException(
                $"{path} was written by a newer version of Visage (schema {version}; this version supports up to {Steps.Length}). "
                + "Start the newer version.");
        }

        for (; version < Steps.Length; version++)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Steps[version], transaction: transaction);
            connection.Execute($"PRAGMA user_version = {version + 1}", transaction: transaction);
            transaction.Commit();
        }
    }
}
