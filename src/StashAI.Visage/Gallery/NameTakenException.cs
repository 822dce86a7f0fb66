namespace StashAI.Visage.Gallery;

/// <summary>Another person in the gallery has this name.</summary>
internal sealed class NameTakenException(Person holder) : Exception($"'{holder.Name}' is already in the gallery")
{
    public Person Holder => holder;
}
