namespace LanCollab.Host.Net;

/// <summary>A port cannot be bound: the program ends with exit code 3 and this sentence.</summary>
internal sealed class PortInUseException(string service, string transport, string endpoint, string key) : Exception(
    $"The {transport} port {endpoint} for {service} is in use; stop the program that has it, or set {key} to another port.");
