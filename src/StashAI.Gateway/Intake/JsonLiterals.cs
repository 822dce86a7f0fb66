namespace StashAI.Gateway.Intake;

/// <summary>The literals of JSON as bytes.</summary>
internal static class JsonLiterals
{
    internal static readonly byte[] True = "true"u8.ToArray();
    internal static readonly byte[] False = "false"u8.ToArray();
    internal static readonly byte[] Null = "null"u8.ToArray();
}
