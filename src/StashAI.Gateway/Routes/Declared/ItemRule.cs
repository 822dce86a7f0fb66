using System.Text.Json;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>A further rule for items that match their schema, such as an alternative between properties.</summary>
/// <param name="item">The item without its files.</param>
/// <param name="files">The properties that are files.</param>
/// <param name="path">The path, for errors.</param>
internal delegate IEnumerable<FieldError> ItemRule(JsonElement item, IReadOnlyCollection<string> files, string path);
