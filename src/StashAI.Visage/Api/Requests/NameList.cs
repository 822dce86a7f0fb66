using System.Text.Json.Serialization;

namespace StashAI.Visage.Api.Requests;

/// <summary>Names of people; in JSON a list, or one text of names separated by commas.</summary>
[JsonConverter(typeof(NameListConverter))]
internal sealed record NameList(IReadOnlyList<string> Names);
