"""The gate: may this message go to this address now? Answered with reasons, stored with its inputs."""
