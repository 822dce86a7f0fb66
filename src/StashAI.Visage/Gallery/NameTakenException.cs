namespace StashAI.Visage.Gallery;

/// <summary>Another person has this name.</summary>
internal sealed class NameTakenException(Person holder) : Exception($"'{holder.Name}' is in the gallery already")
{
    public Person Holder => holder;
}
