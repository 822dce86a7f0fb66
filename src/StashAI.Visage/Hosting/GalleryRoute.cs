namespace StashAI.Visage.Hosting;

/// <summary>Metadata of a route that reads or changes the gallery: callers need the secret.</summary>
internal sealed class GalleryRoute;
