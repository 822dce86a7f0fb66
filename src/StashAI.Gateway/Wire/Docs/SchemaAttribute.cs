namespace StashAI.Gateway.Wire.Docs;

/// <summary>The JSON schema of a field that no type describes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SchemaAttribute(string json) : Attribute
{
    public string Json => json;
}
