namespace LanCollab.Plugins.Files;

/// <summary>What an uploader says a block is: by its hash, or by its checksum alone.</summary>
/// <param name="ByHash">Which of the two counts.</param>
/// <param name="Hash">See above.</param>
/// <param name="Checksum">See above.</param>
internal readonly record struct BlockClaim(bool ByHash, BlockHash Hash, BlockChecksum Checksum)
{
    /// <summary>Why a block that does not fit is refused.</summary>
    public string Refusal => $"Its {(ByHash ? "SHA-256" : "XXH128")} is not the announced one.";

    /// <summary>Whether a block is what was said.</summary>
    public bool Fits(BlockHash hash, BlockChecksum checksum) => ByHash ? hash == Hash : checksum == Checksum;
}
