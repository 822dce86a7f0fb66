namespace StashAI.Bench.Load;

/// <summary>What a load run does.</summary>
internal sealed record LoadPlan(
    int Tasks, int Parallel, int Bytes, TimeSpan Delay, int Runs, string Folder, string? Database, bool StartsPostgres)
{
    /// <summary>The limit of the lane, to compare a drain with it and drains without; null to compare with a bare loop.</summary>
    public int? Limit { get; init; }

    /// <summary>Tasks that run before anything is measured.</summary>
    public int WarmUp { get; } = (int)Math.Min(50_000, (200L << 20) / Math.Max(1, Bytes));

    /// <summary>The body of every call: a JSON object of <see cref="Bytes"/> bytes.</summary>
    public byte[] Body { get; } = System.Text.Encoding.ASCII.GetBytes($$"""{"text":"{{new string('x', Math.Max(0, Bytes - 11))}}"}""");
}
