using System.Text.Json;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>Short forms for what tests read out of answers.</summary>
internal static class JsonReading
{
    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static int Whole(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static bool IsNull(this JsonElement element, string name) => element.GetProperty(name).ValueKind == JsonValueKind.Null;

    public static bool Has(this JsonElement element, string name) => element.TryGetProperty(name, out _);

    /// <summary>The first entry of a problem's errors.</summary>
    public static JsonElement FirstError(this JsonElement problem) => problem.GetProperty("errors")[0];
}
