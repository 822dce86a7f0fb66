using System.Text.Json.Serialization;

namespace StashAI.Visage.Api.Requests;

/// <summary>The bytes of a picture file; in JSON base64 or a data: URL.</summary>
[JsonConverter(typeof(ImageBytesConverter))]
internal readonly record struct ImageBytes(ReadOnlyMemory<byte> Data);
