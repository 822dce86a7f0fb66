using StashAI.Visage.Alignment;
using StashAI.Visage.Detection;
using StashAI.Visage.Embedding;

namespace StashAI.Visage.Recognition;

/// <summary>A face of a photo: its box, landmarks and embedding, and its picture as a JPEG.</summary>
internal sealed record DetectedFace(FaceBox Box, FaceLandmarks Landmarks, FaceEmbedding Embedding, byte[] Jpeg);
