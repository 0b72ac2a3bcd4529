using System.Globalization;
using System.Runtime.InteropServices;
using LanCollab.Contracts;
using LanCollab.Host.Configuration;
using LanCollab.Host.Discovery;
using LanCollab.Host.Net;
using LanCollab.Host.Roles;
using Microsoft.Extensions.Logging;
using NLog.Extensions.Logging;

namespace LanCollab.Host;

/// <summary>Reads arguments and settings, runs one role, turns what ends it into an exit code and one sentence.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        // Numbers and dates on the wire and in files look alike on every machine; ICU is there for names alone (Unicode normalisation).
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Metrics.MemoryTrim.LimitArenas();
        try
        {
            return (int)await RunAsync(CommandLine.Parse(arguments)).ConfigureAwait(false);
        }
        catch (ConfigurationErrorException e)
        {
            return Complain(e.Message, ExitCode.BadConfiguration);
        }
        catch (PortInUseException e)
        {
            return Complain(e.Message, ExitCode.PortInUse);
        }
        catch (FolderInUseException e)
        {
            return Complain(e.Message, ExitCode.FolderInUse);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            return Complain(e.Message, ExitCode.Failed);
        }
        catch (CommandEndedException e)
        {
            return e.Message.Length == 0 ? e.Code : Complain(e.Message, (ExitCode)e.Code);
        }
        catch (ChildEndedException e)
        {
            return Complain(e.Message, e.Code);
        }
        catch (OperationCanceledException)
        {
            // Stopped while it was starting.
            return (int)ExitCode.Stopped;
        }
        // One sentence for the person at the terminal; the log has the rest.
        catch (Exception e)
        {
            NLog.LogManager.GetLogger(nameof(LanCollab)).Fatal(e, "The program ends");
            return Complain(e.Message, ExitCode.Failed);
        }
        finally
        {
            NLog.LogManager.Shutdown();
        }
    }

    private static async Task<ExitCode> RunAsync(CommandLine command)
    {
        Settings settings = Settings.Load(command);
        TimeProvider time = TimeProvider.System;
        (Func<ILoggerFactory, IRole> create, string data) = Choose(command, settings, time);
        using var stop = new CancellationTokenSource();
        var shutdown = new Shutdown(stop, command.Role == "demo" ? Shutdown.DemoBound : Shutdown.Bound, time, Shutdown.LeaveBehind);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, shutdown.Begin);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, shutdown.Begin);
        if (command.Lifeline) _ = Lifeline.Watch(Console.OpenStandardInput(), shutdown.Begin);
        using ILoggerFactory logs = Logging(command, data);
        foreach (string key in command.Settings.Keys.Where(CommandLine.IsSecret))
            HostLog.SecretShown(logs.CreateLogger(nameof(LanCollab)), key, Settings.EnvironmentPrefix + key.Replace(":", "__", StringComparison.Ordinal));
        await create(logs).RunAsync(stop.Token).ConfigureAwait(false);
        return ExitCode.Stopped;
    }

    private static (Func<ILoggerFactory, IRole> Create, string Data) Choose(CommandLine command, Settings settings, TimeProvider time)
    {
        // All sections are checked whatever the role: a mistyped key should be found where it was typed.
        var server = OptionsBinder.Bind<ServerOptions>(settings, "Server");
        var client = OptionsBinder.Bind<ClientOptions>(settings, "Client");
        client.Password = PasswordFile.Read(settings, client);
        var demo = OptionsBinder.Bind<DemoOptions>(settings, "Demo");
        var discovery = OptionsBinder.Bind<DiscoveryOptions>(settings, "Discovery");
        return command.Role switch
        {
            "server" => (logs => new ServerRole(settings, server, discovery, logs, time), server.DataDirectory),
            "client" => (logs => new ClientRole(settings, client, discovery, logs, time), client.DataDirectory),
            "run" => (logs => new CommandRole(command, settings, client, discovery, logs, time), client.DataDirectory),
            _ => (logs => new DemoRole(command, settings, demo, client, logs, time), demo.DataDirectory),
        };
    }

    private static ILoggerFactory Logging(CommandLine command, string dataDirectory)
    {
        string folder = DataFolder.Create(Path.Combine(dataDirectory, "logs"));
        string file = Path.Combine(command.ConfigDirectory, "nlog.config");
        var configuration = File.Exists(file) ? new NLog.Config.XmlLoggingConfiguration(file) : new NLog.Config.LoggingConfiguration();
        configuration.Variables["folder"] = folder;
        configuration.Variables["role"] = command.Role;
        NLog.LogManager.Configuration = configuration;
        return LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddNLog());
    }

    private static int Complain(string sentence, ExitCode code)
    {
        Console.Error.WriteLine(sentence);
        return (int)code;
    }
}
