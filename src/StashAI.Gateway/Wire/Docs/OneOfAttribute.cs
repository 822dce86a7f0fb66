namespace StashAI.Gateway.Wire.Docs;

/// <summary>Marks a type as a union: a value has the type of one of the properties, and the words of a field tell which.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OneOfAttribute(string discriminator) : Attribute
{
    /// <summary>The field.</summary>
    public string Discriminator => discriminator;
}
