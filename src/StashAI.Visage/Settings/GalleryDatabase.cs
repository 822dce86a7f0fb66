using Npgsql;

namespace StashAI.Visage.Settings;

/// <summary>The PostgreSQL database of a gallery.</summary>
/// <param name="Name">Its address for messages, without user and password.</param>
/// <param name="Source">
/// Connections to it. They may be those of a pooler that gives each transaction another session: nothing is kept in a session.
/// </param>
/// <param name="Settings">Settings that each transaction makes first, such as search_path.</param>
public sealed record GalleryDatabase(string Name, NpgsqlDataSource Source, IReadOnlyList<(string Name, string Value)> Settings);
