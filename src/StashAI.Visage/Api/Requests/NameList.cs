using System.Text.Json.Serialization;

namespace StashAI.Visage.Api.Requests;

/// <summary>Names of people; on the wire a list, or one text with commas between.</summary>
[JsonConverter(typeof(NameListConverter))]
internal sealed record NameList(IReadOnlyList<string> Names);
