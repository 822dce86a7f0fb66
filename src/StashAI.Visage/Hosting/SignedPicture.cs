namespace StashAI.Visage.Hosting;

/// <summary>Metadata of a route of the gallery whose address may be signed instead.</summary>
internal sealed class SignedPicture;
