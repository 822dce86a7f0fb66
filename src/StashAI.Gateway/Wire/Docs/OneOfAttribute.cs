namespace StashAI.Gateway.Wire.Docs;

/// <summary>Says that a value has the type of one of this type's properties; the words of one of their fields tell which.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OneOfAttribute(string discriminator) : Attribute
{
    /// <summary>The field.</summary>
    public string Discriminator => discriminator;
}
