using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Routes.Visage;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Demo;

/// <summary>
/// <c>POST /api/demo/visage/job</c> and <c>/task</c>: real jobs with sample pictures for the configured Visage service. The body is
/// optional; it may contain <c>demo_task_count</c> and <c>visage_api_url</c>.
/// </summary>
internal sealed class DemoRoutes(
    MirroredUploads uploads, DemoPictures pictures, VisageRoutes forms, VisageJobs visage, BodyReader bodies, Submitter submitter,
    IdempotencyKeys keys)
{
    private const string Images = "images";
    private const int UsualCount = 5;
    private const int MaxCount = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/demo/visage/job", (HttpContext context, DemoRoutes demo) => demo.SubmitAsync(context, isSingle: false))
            .Describe(DemoDocs.Job).Needs(ApiScope.Submit);
        routes.MapPost("/api/demo/visage/task", (HttpContext context, DemoRoutes demo) => demo.SubmitAsync(context, isSingle: true))
            .Describe(DemoDocs.Task).Needs(ApiScope.Submit);
    }

    private async Task SubmitAsync(HttpContext context, bool isSingle)
    {
        using var once = keys.Begin(context);
        var (count, url) = (UsualCount, (string?)null);
        if (await BodyReader.HasBodyAsync(context))
        {
            using var body = await bodies.ReadAsync(context, once?.Digest);
            if (body is null) return;
            var root = JsonFields.Root(body.Root);
            root.RefuseUnknown(isSingle ? ["visage_api_url"] : ["demo_task_count", "visage_api_url"]);
            count = root.Integer("demo_task_count", 1, MaxCount) ?? UsualCount;
            url = root.Text("visage_api_url");
        }

        var chosen = await pictures.ReadAsync(isSingle ? 1 : count, context.RequestAborted);
        var areDrawings = chosen.Any(picture => DemoPictures.IsDrawn(picture.Name));
        await using var upload = uploads.Open(context.Request);
        var photos = forms.OpenSink(upload);
        for (var i = 0; i < chosen.Count; i++)
        {
            photos.BeginItem(new PayloadPath(Images, i));
            photos.NameItem(new ItemName(chosen[i].Name, null));
            photos.BeginFile("", null);
            await photos.WriteFileAsync(chosen[i].Bytes, context.RequestAborted);
            photos.EndFile();
            await photos.EndItemAsync(ReadOnlyMemory<byte>.Empty, context.RequestAborted);
        }

        using var request = Request(chosen, url);
        var submission = await visage.SubmissionOfAsync(request.RootElement, [], photos.Items, isSingle, context.RequestAborted);
        var what = isSingle ? "task_id" : "job_id";
        await submitter.CommitAsync(
            context,
            upload,
            submission with
            {
                Message = _ => $"Demo Visage {(isSingle ? "task" : "job")} created. "
                    + $"Subscribe to {what} via WebSocket to receive real-time updates."
                    + (areDrawings ? " " + DemoPictures.WhyDrawings : ""),
                WriteExtraFields = submission.WriteExtraFields + ((json, _) => json.WriteBoolean("drawings", areDrawings)),
            },
            once);
    }

    /// <summary>The request that a client would send.</summary>
    private static JsonDocument Request(IReadOnlyList<(string Name, byte[] Bytes)> chosen, string? url)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            if (url is not null) json.WriteString("visage_api_url", url);
            json.WriteStartObject("config");
            json.WriteString("job_name", "Demo");
            json.WriteString("source", "demo");
            json.WriteString("session_id", "demo_session");
            json.WriteStartObject("additional_params");
            json.WriteStartArray("pictures");
            foreach (var (name, _) in chosen) json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }
}
