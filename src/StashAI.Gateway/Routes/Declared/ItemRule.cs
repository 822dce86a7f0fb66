using System.Text.Json;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>What an item that fits its schema must keep besides, as an either-or over its properties.</summary>
/// <param name="item">The item without its files.</param>
/// <param name="files">The properties that came as files.</param>
/// <param name="path">Where it stands, for errors.</param>
internal delegate IEnumerable<FieldError> ItemRule(JsonElement item, IReadOnlyCollection<string> files, string path);
