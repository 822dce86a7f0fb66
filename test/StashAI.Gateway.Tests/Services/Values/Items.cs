using System.Text.Json;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>Values for templates.</summary>
internal static class Items
{
    /// <summary>An item that is a text.</summary>
    public static TemplateValues Text(TemplateScope scope, string item) => Json(scope, JsonSerializer.Serialize(item));

    /// <summary>An item, and a configuration, as JSON.</summary>
    public static TemplateValues Json(TemplateScope scope, string item, string config = "{}")
    {
        var context = new TaskContext
        {
            TaskId = Guid.Empty,
            JobId = Guid.Empty,
            Ordinal = 0,
            Attempt = 1,
            TaskType = "go",
            Upstream = new Uri("http://localhost"),
            Input = System.Text.Encoding.UTF8.GetBytes(item),
            Config = default,
            Payloads = [],
            Http = null!,
        };
        return TemplateValues.ForTask(
            context, JsonDocument.Parse(item).RootElement, JsonDocument.Parse(config).RootElement, [], scope, ConfiguredValues.None,
            CancellationToken.None);
    }
}
