using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace StashAI.Visage.Tests;

/// <summary>An answer of the service.</summary>
public sealed record Answer(int Status, JsonNode? Body, string? ContentType, HttpResponseHeaders Headers)
{
    public JsonNode this[string name] => Body![name]!;

    /// <summary>The faces of a predict_1 answer.</summary>
    public JsonArray Faces => Body!["data"]![0]!.AsArray();

    public string Detail => Body!["detail"]!.GetValue<string>();

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var type = response.Content.Headers.ContentType?.MediaType;
        var body = type?.EndsWith("json", StringComparison.Ordinal) == true ? JsonNode.Parse(text) : null;
        return new((int)response.StatusCode, body, type, response.Headers);
    }

    /// <summary>The face whose box contains a point.</summary>
    public JsonNode FaceAt(double x, double y) => Faces.Single(face =>
    {
        var box = face!["box"]!;
        double left = Number(box["x"]), top = Number(box["y"]);
        return x >= left && x <= left + Number(box["width"]) && y >= top && y <= top + Number(box["height"]);
    })!;

    public static double Number(JsonNode? node) => node!.GetValue<double>();
}
