using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>Calls a Visage face recognition service: identifies the faces of a photo or a video, or compares two sides.</summary>
/// <param name="maxRunning">The most concurrent calls, over all processes; null for no limit.</param>
/// <param name="rate">The most calls over time, over all processes; null for no limit.</param>
/// <param name="timeout">How long a photo or a comparison may take; null for <see cref="UsualTimeout"/>.</param>
public sealed class VisageAdapter(int? maxRunning = null, RateLimit? rate = null, TimeSpan? timeout = null) : IServiceAdapter
{
    public const string Name = "visage";

    /// <summary>A small or busy machine takes more than half a minute for a good photo, which a shorter time would fail for good.</summary>
    public static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(120);

    private const string ReuseRefusal =
        "results of visage depend on the gallery, which changes with every person that is added. To judge the faces of a job again without "
        + "new calls, use POST /api/jobs/{id}/rematch.";

    /// <summary>Finds the faces of a photo and who they are.</summary>
    public static AdapterOperation Identify { get; } =
        new("identify", "face_identify", "visage_batch_face_identification")
        {
            Fold = new VisageFold(),
            Rematch = new VisageRematch(RematchedPhoto.Write),
            Erasure = new VisageErasure(),
            ReuseRefusal = ReuseRefusal,
            Subjects = new VisageSubjects(),
            Grouping = VisageGrouping.Instance,
        };

    /// <summary>Compares the two sides of each item: photos or people of the gallery.</summary>
    public static AdapterOperation Compare { get; } =
        new("compare", "face_compare", "visage_batch_face_comparison")
        {
            Fold = new CompareFold(),
            Erasure = new VisageErasure(),
            ReuseRefusal = ReuseRefusal,
            View = new ResultView("comparison"),
        };

    /// <summary>Compares each item with the job's target.</summary>
    public static AdapterOperation OneToMany { get; } =
        new("one-to-many", "face_one_to_many_compare", "visage_batch_one_to_many_compare")
        {
            Fold = new OneToManyFold(),
            Erasure = new VisageErasure(),
            ReuseRefusal = ReuseRefusal,
            HasJobParts = true,
            View = new ResultView("comparison"),
        };

    /// <summary>Finds the faces of a video, and says when they appear.</summary>
    public static AdapterOperation Video { get; } =
        new("video", "face_video", "visage_batch_video")
        {
            Fold = new VisageFold(),
            Rematch = new VisageRematch(RematchedVideo.Write),
            Erasure = new VisageErasure(),
            ReuseRefusal = ReuseRefusal,
            Subjects = new VisageSubjects(),
            Grouping = VisageGrouping.Instance,
            AttemptTimeout = TimeSpan.FromMinutes(30),
            View = new ResultView("video"),
        };

    /// <inheritdoc/>
    public AdapterManifest Manifest { get; } = new()
    {
        Name = Name,
        Operations = [Identify, Compare, OneToMany, Video],
        DefaultOperation = Identify.Name,
        AttemptTimeout = timeout ?? UsualTimeout,
        MaxRunning = maxRunning,
        Rate = rate,
        View = new ResultView("faces"),
    };

    /// <inheritdoc/>
    public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        if (context.IsConfigured && !VisagePaths.IsOperation(context.Upstream))
        {
            return new TaskOutcome.Failed(
                ErrorKind.OutboundRefused, $"{context.Upstream.AbsolutePath} is not an operation of the face service.", CallReport.None);
        }

        if (context.TaskType == Video.TaskType) return await VideoCall.RunAsync(context, cancellationToken);
        if (context.TaskType != Identify.TaskType) return await CompareCall.RunAsync(context, cancellationToken);
        var (photo, failure) = await OpenAsync(context, cancellationToken);
        if (failure is not null) return failure;
        var config = VisageConfig.Read(context.Config.Span).With(context.Input);
        using var request = new HttpRequestMessage(HttpMethod.Post, context.Upstream)
        {
            Content = new PhotoContent(Fields(context.Upstream).Select(field => photo! with { Name = field }), config.ToJson()),
        };
        request.Headers.Add(KeptFaces.Header, KeptFaces.HeaderValue);
        return await UpstreamCall.SendAsync(context, request, VisageRules.Instance, cancellationToken);
    }

    /// <summary>The photo that is stored with the task, or fetched from its address.</summary>
    private static async Task<(PhotoField? Photo, TaskOutcome? Failure)> OpenAsync(TaskContext context, CancellationToken cancellationToken)
    {
        // Of a photo with a file name, the prefix has the name, which the service needs not know.
        if (context.Payloads is [var stored])
        {
            var prefix = DataUrlName.Read(stored.DataUrlPrefix) is null ? stored.DataUrlPrefix ?? "" : "";
            return (new PhotoField(PhotoItems.Slot, prefix, stored.Size, stored.ReadAsync), null);
        }

        using var item = JsonText.ParseOrNull(context.Input);
        var (files, failure) = await ItemFiles.OpenAsync(context, PhotoItems.Item, item?.RootElement, cancellationToken);
        if (failure is not null) return (null, failure);
        return files is [var fetched]
            ? (new PhotoField(PhotoItems.Slot, "", fetched.Size, fetched.ReadAsync), null)
            : (null, new TaskOutcome.Failed(ErrorKind.InvalidInput, "The task has no photo.", CallReport.None));
    }

    /// <summary>
    /// The fields for the photo: <c>/predict_*</c> takes <c>image_data</c>; the documented <c>/identify</c> takes <c>image</c>, so other
    /// paths get both (C-09).
    /// </summary>
    private static string[] Fields(Uri upstream) =>
        upstream.AbsolutePath.Contains("/predict_", StringComparison.Ordinal) ? ["image_data"] : ["image", "image_data"];
}

/// <summary>The part of a job's configuration that the service uses.</summary>
internal sealed record VisageConfig(double? Threshold, int? MaxFaces)
{
    public static VisageConfig Read(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return new VisageConfig(null, null);
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        int? maxFaces = root.TryGetProperty("additional_params", out var additional) && additional.ValueKind == JsonValueKind.Object
            && additional.TryGetProperty("max_faces", out var faces) && faces.ValueKind == JsonValueKind.Number
            && faces.TryGetInt32(out var count) ? count : null;
        double? threshold = root.TryGetProperty("threshold", out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var number)
            ? number
            : null;
        return new VisageConfig(threshold, maxFaces);
    }

    /// <summary>The settings of an item, which come before those of its job.</summary>
    public VisageConfig With(ReadOnlyMemory<byte> item)
    {
        using var document = JsonText.ParseOrNull(item);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } own }) return this;
        return new VisageConfig(
            own.TryGetProperty(PhotoItems.Threshold, out var threshold) && threshold.TryGetDouble(out var number) ? number : Threshold,
            own.TryGetProperty(PhotoItems.MaxFaces, out var faces) && faces.TryGetInt32(out var count) ? count : MaxFaces);
    }

    /// <summary>The properties of the request for these settings.</summary>
    public byte[] ToJson() => JsonText.Write(json =>
    {
        json.WriteStartObject();
        if (Threshold is { } threshold) json.WriteNumber("threshold", threshold);
        if (MaxFaces is { } faces) json.WriteNumber("results", faces);
        json.WriteEndObject();
    });
}
