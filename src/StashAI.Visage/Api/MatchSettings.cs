using StashAI.Visage.Api.Requests;
using StashAI.Visage.Detection;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>What counts as a match in one request: the least cosine, and the most people per face.</summary>
internal readonly record struct MatchSettings(float MinCosine, int Results, DetectionDetail Detail)
{
    private const int DefaultResults = 5;
    private const int MaxResults = 1000;

    /// <exception cref="RequestRefusedException">A value is out of its range.</exception>
    public static MatchSettings Of(PredictRequest request, FaceGallery gallery)
    {
        if (request.Threshold is { } threshold && threshold is not (>= 0 and <= 1))
            throw RequestRefusedException.Unprocessable("threshold", "threshold must be a number from 0 to 1: the least confidence of a match.");
        if (request.Results is { } results && results is not (>= 1 and <= MaxResults))
            throw RequestRefusedException.Unprocessable("results", $"results must be from 1 to {MaxResults}: the most people per face.");

        var ordinary = gallery.PeopleCount > MatchConfidence.LargeGallery ? MatchConfidence.LargeGalleryCosine : MatchConfidence.DefaultCosine;
        return new(request.Threshold is { } asked ? MatchConfidence.ToCosine(asked) : ordinary, request.Results ?? DefaultResults, DetailOf(request.Detail));
    }

    /// <exception cref="RequestRefusedException">There is no such detail.</exception>
    public static DetectionDetail DetailOf(string? detail) => detail switch
    {
        null or "auto" => DetectionDetail.Auto,
        "fast" => DetectionDetail.Fast,
        "fine" => DetectionDetail.Fine,
        _ => throw RequestRefusedException.Unprocessable("detail", "detail must be fast, auto or fine: how closely the photo is looked at."),
    };

    /// <summary>For the answer, where infinities have no place.</summary>
    public double ShownCosine => Math.Round(Math.Clamp(MinCosine, -1, 1), 4);
}
