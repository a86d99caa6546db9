"""What a web page says and where: its main part among menus and comments, and what its head states."""
