using StashAI.Visage.Api.Requests;
using StashAI.Visage.Detection;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>What counts as a match in one request, how many people to return per face, and how closely to search for faces.</summary>
internal readonly record struct MatchSettings(float MinCosine, int Results, DetectionDetail Detail)
{
    private const int DefaultResults = 5;
    private const int MaxResults = 1000;

    /// <exception cref="RequestRefusedException">A value is out of its range.</exception>
    public static MatchSettings Of(PredictRequest request, KnownPeople people)
    {
        float? requestedCosine = request.Threshold is { } threshold ? CosineOf(threshold) : null;
        if (request.Results is { } results && results is not (>= 1 and <= MaxResults))
        {
            throw RequestRefusedException.Unprocessable(
                "results", $"results must be a whole number from 1 to {MaxResults}: the most people to return per face.");
        }

        return new(
            requestedCosine ?? MatchConfidence.DefaultFor(people.PeopleCount), request.Results ?? DefaultResults, DetailOf(request.Detail));
    }

    /// <exception cref="RequestRefusedException">The threshold is not from 0 to 1.</exception>
    public static float CosineOf(double threshold) => threshold is >= 0 and <= 1
        ? MatchConfidence.ToCosine(threshold)
        : throw RequestRefusedException.Unprocessable(
            "threshold", "threshold must be a number from 0 to 1: the lowest confidence of a match.");

    /// <exception cref="RequestRefusedException">The detail is not fast, auto or fine.</exception>
    public static DetectionDetail DetailOf(string? detail) => detail switch
    {
        null or "auto" => DetectionDetail.Auto,
        "fast" => DetectionDetail.Fast,
        "fine" => DetectionDetail.Fine,
        _ => throw RequestRefusedException.Unprocessable(
            "detail", "detail must be fast, auto or fine: how closely to search the photo for faces."),
    };

    /// <summary>The cosine for the answer: clamped, since JSON has no infinities.</summary>
    public double ReportedCosine => Math.Round(Math.Clamp(MinCosine, -1, 1), 4);
}
