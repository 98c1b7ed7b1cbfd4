"""Entry point of the Hugging Face Space: the game with its default model, on the Space's port."""

from game.server import Options, main

PROXIES = "127.0.0.1,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"  # a Space is behind one of these

if __name__ == "__main__":
    main(Options(host="0.0.0.0", proxies=PROXIES))
