using System.Text.Json.Serialization;

namespace StashAI.Client.Live;

/// <summary>Writes what a live client sends.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class SocketContext : JsonSerializerContext;
