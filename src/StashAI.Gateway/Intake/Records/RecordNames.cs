namespace StashAI.Gateway.Intake.Records;

/// <summary>The members of a body that hold items.</summary>
internal static class RecordNames
{
    public const string Items = "items";
    public const string Item = "item";

    public static IReadOnlyList<string> All { get; } = [Items, Item];
}
