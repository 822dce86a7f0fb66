namespace StashAI.Bench.Load;

/// <summary>What a load run does.</summary>
internal sealed record LoadPlan(int Tasks, int Parallel, int Bytes, TimeSpan Delay, int Runs, string Folder, string? Database, bool StartsPostgres)
{
    /// <summary>The body of every call: a JSON object of <see cref="Bytes"/> bytes.</summary>
    public byte[] Body { get; } = System.Text.Encoding.ASCII.GetBytes($$"""{"text":"{{new string('x', Math.Max(0, Bytes - 11))}}"}""");
}
