using StashAI.Server.Demo.Job;

namespace StashAI.Server.Demo.Server;

internal sealed record EnrolledFace(FaceBox? Box);
