namespace StashAI.Gateway.Wire.Docs;

/// <summary>Says that a value is one of several types, which the words of one of their fields tell apart.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OneOfAttribute(string discriminator, params Type[] types) : Attribute
{
    /// <summary>The field.</summary>
    public string Discriminator => discriminator;

    public IReadOnlyList<Type> Types => types;
}
