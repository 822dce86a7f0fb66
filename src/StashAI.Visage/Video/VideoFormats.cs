namespace StashAI.Visage.Video;

/// <summary>
/// The formats that ffmpeg may open. Playlists and lists of files are missing on purpose: they make ffmpeg open what a file names.
/// </summary>
internal static class VideoFormats
{
    /// <summary>The containers, by the names of ffmpeg's demuxers.</summary>
    public static string Containers { get; } =
        string.Join(',', "mov", "mp4", "matroska", "webm", "avi", "asf", "flv", "mpeg", "mpegts", "ogg");

    /// <summary>The codecs of pictures, by the names that ffprobe gives them; the last ones are those of attached covers.</summary>
    public static IReadOnlyList<string> Codecs { get; } =
    [
        "h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "mpeg1video", "h263", "flv1", "msmpeg4v1", "msmpeg4v2", "msmpeg4v3",
        "wmv1", "wmv2", "wmv3", "vc1", "theora", "prores", "dnxhd", "dvvideo", "mjpeg", "png", "webp",
    ];

    /// <summary>
    /// The decoders of pictures, some of which have other names than their codec, and those of sound and subtitles in films: ffprobe opens
    /// a decoder for every stream, and nothing but the pictures is decoded further.
    /// </summary>
    public static string Decoders { get; } = string.Join(
        ',',
        [
            .. Codecs, "flv", "msmpeg4", "libdav1d", "libaom-av1",
            "aac", "aac_latm", "ac3", "adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms", "adpcm_swf", "alac", "amrnb", "amrwb", "dca", "eac3",
            "flac", "gsm", "gsm_ms", "libgsm", "libopencore_amrnb", "libopencore_amrwb", "libopus", "libspeex", "libvorbis", "mlp", "mp1",
            "mp1float", "mp2", "mp2float", "mp3", "mp3float", "nellymoser", "opus", "pcm_alaw", "pcm_bluray", "pcm_dvd", "pcm_f32be",
            "pcm_f32le", "pcm_f64be", "pcm_f64le", "pcm_mulaw", "pcm_s16be", "pcm_s16le", "pcm_s24be", "pcm_s24le", "pcm_s32be",
            "pcm_s32le", "pcm_s8", "pcm_u8", "qdm2", "speex", "truehd", "vorbis", "wmalossless", "wmapro", "wmav1", "wmav2", "wmavoice",
            "ass", "cc_dec", "dvbsub", "dvdsub", "mov_text", "pgssub", "srt", "ssa", "subrip", "text", "webvtt", "xsub",
        ]);
}
