using System.Text.Json;

namespace StashAI.Gateway.Live.Hub;

/// <summary>The first page of a list.</summary>
/// <param name="Entries">Its entries, JSON objects.</param>
/// <param name="WriteRest">Writes the fields besides the entries.</param>
internal sealed record ListPage(IReadOnlyList<ReadOnlyMemory<byte>> Entries, Action<Utf8JsonWriter> WriteRest);
