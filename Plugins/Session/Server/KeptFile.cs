using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>
/// The file <c>seats.json</c>: a line with the SHA-256 of the rest, then JSON. It is written beside and renamed, so that after a crash
/// either the old or the new one is there, whole. Only its owner may read it.
/// </summary>
/// <param name="folder">The plugin's data folder.</param>
/// <param name="log">For what is damaged.</param>
internal sealed class KeptFile(string folder, ILogger log)
{
    private const byte LineEnd = (byte)'\n';

    private readonly string _path = Path.Combine(folder, "seats.json");

    /// <summary>What was kept; null when there is nothing, or nothing that can be relied on: then the file is put aside, and the log says so.</summary>
    public KeptHouse? Load()
    {
        try
        {
            return File.Exists(_path) ? Read(File.ReadAllBytes(_path)) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or UserErrorException)
        {
            string aside = _path + ".damaged";
            SessionLog.Damaged(log, _path, aside, e.Message);
            File.Move(_path, aside, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SessionLog.Unreadable(log, _path, e.Message);
        }
        return null;
    }

    /// <summary>Replaces it.</summary>
    /// <exception cref="IOException">It is not on the disk; the old one still is.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Save(KeptHouse house)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(house, KeptJson.Default.KeptHouse);
        DurableFile.Replace(_path, [.. System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json))), LineEnd, .. json], ownerOnly: true);
    }

    private static KeptHouse Read(ReadOnlySpan<byte> content)
    {
        int end = content.IndexOf(LineEnd);
        if (end < 0) throw new InvalidDataException("it has no digest");
        ReadOnlySpan<byte> json = content[(end + 1)..];
        if (!content[..end].SequenceEqual(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json)))))
            throw new InvalidDataException("its digest is another");
        return JsonSerializer.Deserialize(json, KeptJson.Default.KeptHouse) ?? throw new InvalidDataException("it is empty");
    }
}

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(KeptHouse))]
internal sealed partial class KeptJson : JsonSerializerContext;
