using StashAI.Adapters.Visage;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Queue.Services;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>What the face service's items and configuration hold, for <c>GET /api/services/visage/schema</c>.</summary>
internal sealed class VisageSchema(ServiceRegistry services) : IBuiltInSchemas
{
    public ServiceEntry? Find(string name) => name != VisageAdapter.Name || services.Find(name) is not { } adapter ? null : new ServiceEntry
    {
        Adapter = adapter,
        File = "",
        Description = "Finds faces in photos and videos, and says whose they are.",
        Address = null,
        Aliases = [],
        Config = PhotoItems.Config,
        Operations =
        [
            new(VisageAdapter.Identify, PhotoItems.SentItem, VisagePaths.Identify, null, "Identifies the faces of one photo."),
            new(VisageAdapter.Compare, CompareItems.PairItem, VisagePaths.Compare, null, "Compares two photos or people."),
            new(
                VisageAdapter.OneToMany, CompareItems.OneToManyItem, VisagePaths.Compare, null,
                "Compares one photo or person with the target."),
            new(
                VisageAdapter.Video, VideoItems.SentItem, VisagePaths.Video, null,
                "Finds the faces of a video, and when they appear. The face service needs ffmpeg for it."),
        ],
    };
}
