namespace StashAI.Client.Live;

/// <summary>Reads a live message, a JSON object; null for one that is not wanted.</summary>
internal delegate T? LiveReader<T>(ReadOnlySpan<byte> json)
    where T : class;
