using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Visage;

/// <summary>The schemas of the settings that photos and videos share.</summary>
internal static class MatchFields
{
    public static FieldSchema Confidence { get; } = new()
    {
        Type = FieldType.Number,
        Min = ExactNumber.Of(0),
        Max = ExactNumber.Of(1),
        Description = "The least confidence of a match.",
    };

    public static FieldSchema Faces { get; } = new()
    {
        Type = FieldType.WholeNumber,
        Min = ExactNumber.Of(1),
        Max = ExactNumber.Of(1000),
        Description = "The most people for each face.",
    };
}
