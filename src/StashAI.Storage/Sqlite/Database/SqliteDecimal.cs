using System.Globalization;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>Decimal numbers as texts: SQLite has none.</summary>
internal static class SqliteDecimal
{
    /// <summary>A number as it is stored; null for none.</summary>
    public static string? Text(decimal? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>A stored number; null for none.</summary>
    public static decimal? Read(SqliteStatement row, int column) =>
        row.TextOrNull(column) is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;
}
